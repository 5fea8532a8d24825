/** The version people see: package.json's. */
import { version } from '../../package.json';

export const VERSION: string = version;
