/** The command line's entry for Node. */
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2));
// A runtime library's own thread must not keep a finished command waiting.
setTimeout(() => process.exit(), 1000).unref();
