import { describe, expect, it } from 'vitest';
import { modeOf as modeWith } from './mode.ts';

const modeOf = (argv: string[], packaged: boolean, cwd: string) => modeWith(argv, packaged, cwd, (path) => path === '/here/holiday');

describe('modeOf', () => {
  it('takes a command as the first argument of the installed binary, with all that follows', () => {
    expect(modeOf(['/opt/Rushes/rushes.bin', 'analyze', 'a.mp4', '--json'], true, '/home/mia')).toEqual({
      kind: 'command',
      args: ['analyze', 'a.mp4', '--json'],
    });
    expect(modeOf(['/opt/Rushes/rushes.bin', '--help'], true, '/')).toEqual({ kind: 'command', args: ['--help'] });
  });

  it('takes a word as a mistyped command unless a file is named so', () => {
    expect(modeOf(['rushes.bin', 'anlyze', 'a.mp4'], true, '/')).toEqual({ kind: 'command', args: ['anlyze', 'a.mp4'] });
    expect(modeOf(['rushes.bin', 'holiday'], true, '/here')).toEqual({ kind: 'window', files: ['/here/holiday'] });
  });

  it('takes what follows "--" as the person wrote it, past the switches of the wrapper', () => {
    const argv = ['/opt/Rushes/rushes.bin', '--ozone-platform=headless', '--no-sandbox', '--', 'cut', '-', '--range', '1-2'];
    expect(modeOf(argv, true, '/')).toEqual({ kind: 'command', args: ['cut', '-', '--range', '1-2'] });
  });

  it('opens everything else, relative to where the person was, without switches', () => {
    expect(modeOf(['rushes.bin', '--enable-logging', 'clips/a b.mp4', '/x/analyze'], true, '/home/mia')).toEqual({
      kind: 'window',
      files: ['/home/mia/clips/a b.mp4', '/x/analyze'],
    });
    expect(modeOf(['rushes.bin', 'file:///x/caf%C3%A9.mp4'], true, '/')).toEqual({ kind: 'window', files: ['/x/café.mp4'] });
  });

  it('skips the app folder and a preloaded module in development', () => {
    expect(modeOf(['electron', '-r', '/x/loader.js', '--inspect=0', '.', 'doctor'], false, '/')).toEqual({ kind: 'command', args: ['doctor'] });
    expect(modeOf(['electron', '.'], false, '/')).toEqual({ kind: 'window', files: [] });
  });
});
