/** Tells what an export does and what it wrote. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { CommandContext } from './run.ts';
import { progressLine, segmentLine } from './words.ts';

/** Follows an export to its end. `quiet`: stdout is for another program, so nothing is printed there. Gives the paths written. */
export async function report(events: AsyncIterable<ExportEvent>, { output }: CommandContext, quiet: boolean): Promise<string[]> {
  const paths: string[] = [];
  for await (const event of events) {
    switch (event.type) {
      case 'progress':
        output.progress(progressLine(event));
        break;
      case 'plan':
        if (!quiet) for (const segment of event.segments) await output.line(segmentLine(segment));
        break;
      case 'warning':
        output.note(m.cli_warning({ sentence: messageFor(`style_warning_${event.code}`) }));
        break;
      case 'file':
        paths.push(event.path);
        if (!quiet) await output.line(m.cli_wrote({ path: event.path }));
        break;
    }
  }
  output.clearProgress();
  return paths;
}
