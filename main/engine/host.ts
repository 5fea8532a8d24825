/** The engine's process when the app hosts it: an Electron utilityProcess with a control port to the app. */
import { dataFolder } from '../library/folders.ts';
import { EngineHost } from './control.ts';
import { Engine } from './engine.ts';
import { openLog } from './log.ts';
import { fromElectronPort, type ElectronPort } from './ports.ts';

/** The part of Electron's `process.parentPort` that is used; Electron's own types stay out of the engine. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: ElectronPort[] }) => void): void;
}

async function host(parent: ParentPort): Promise<void> {
  const dataDir = dataFolder();
  const logger = openLog(dataDir, 'engine');
  // The app starts a new engine and tells it what was open; work goes on from the last stored piece.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught');
    process.exit(1);
  });
  process.on('unhandledRejection', (reason) => {
    logger.error({ err: reason }, 'unhandled rejection');
  });
  const engine = await Engine.open({
    dataDir,
    modelsDir: process.env.RUSHES_MODELS,
    binDir: process.env.RUSHES_BIN_DIR,
    provider: 'auto',
    logger,
  });
  const control = new EngineHost(engine, { send: (reply) => parent.postMessage(reply), logger, quit: () => process.exit(0) });
  parent.on('message', ({ data, ports }) => void control.receive(data, ports.map(fromElectronPort)));
  logger.info({ library: engine.library.path }, 'ready');
}

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (!parentPort) throw new Error('the engine is started by the app; the command line is cli.js');
await host(parentPort);
