/** First of all: zod would try `new Function` for speed, which the page's policy refuses and the console reports. */
import { z } from 'zod';

z.config({ jitless: true });
