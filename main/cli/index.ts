/** The command line's entry for Node. */
import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2));
// A thread stuck in a driver must not keep a finished command for ever; exiting over a healthy one would abort the process.
setTimeout(() => process.exit(), 30_000).unref();
