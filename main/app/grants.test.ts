import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freePath, Grants, safeName } from './grants.ts';

describe('safeName', () => {
  it.each([
    ['Birthday / part 2', 'Birthday part 2'],
    ['../../etc/passwd', 'etc passwd'],
    ['a:b*c?"<>|', 'a b c'],
    ['镜头 3', '镜头 3'],
    ['..', 'Rushes'],
    ['', 'Rushes'],
    ['con', 'Rushes con'],
    ['clip. ', 'clip'],
  ])('%j', (given, wanted) => expect(safeName(given)).toBe(wanted));

  it('is always one plain file name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const safe = safeName(name);
        expect(safe).not.toMatch(/[/\\\p{Cc}]|^\.|[. ]$|^$/u);
        expect(safe.length).toBeLessThanOrEqual(130);
      }),
    );
  });
});

describe('freePath', () => {
  it('counts up past what is there', () => {
    const taken = new Set(['/out/clip.mp4', '/out/clip 2.mp4']);
    expect(freePath('/out', 'clip', 'mp4', (path) => taken.has(path))).toBe('/out/clip 3.mp4');
    expect(freePath('/out', 'clip', '', () => false)).toBe('/out/clip');
  });

  it('takes no path from the extension', () => {
    expect(freePath('/out', 'clip', '../sh', () => false)).toBe('/out/clip.sh');
  });
});

describe('Grants', () => {
  it('gives each place its own token and knows no other', () => {
    const grants = new Grants();
    const one = grants.make('/out/a.mp4', false);
    const two = grants.make('/out/a.mp4', true);
    expect(one.grant).toMatch(/^[0-9a-f]{32}$/);
    expect(one.grant).not.toBe(two.grant);
    expect(grants.get(two.grant)?.overwrite).toBe(true);
    expect(grants.get('0'.repeat(32))).toBeUndefined();
  });
});
