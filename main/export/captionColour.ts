/** Colours of captions as they must be drawn to be seen as chosen: HDR pictures, and ffmpegs that draw every picture as if it were BT.601. */
import type { Colour, VideoStream } from '../../shared/media.ts';

type Triple = readonly [number, number, number];

export interface DrawnOn {
  hdr: VideoStream['hdr'];
  colour: Pick<Colour, 'space'>;
}

/** Luma weights of red and blue (ITU-R BT.601, BT.709, BT.2020). */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] } as const;

function weightsOf(space: string | null): readonly [number, number] {
  if (space === 'bt709') return WEIGHTS.bt709;
  return space?.startsWith('bt2020') ? WEIGHTS.bt2020 : WEIGHTS.bt601;
}

/**
 * The #rrggbb to draw for a #rrggbb of the style. `asBt601`: this ffmpeg (before 7) turns colours into YUV by BT.601 whatever the
 * picture is, so that the colour is changed beforehand to come out right; a saturated one may be clipped.
 */
export function drawnColour(colour: string, { hdr, colour: { space } }: DrawnOn, asBt601: boolean): string {
  const chosen: Triple = [channel(colour, 1), channel(colour, 3), channel(colour, 5)];
  const coded = hdr === 'none' ? chosen : hdrSignal(chosen, hdr);
  const drawn = asBt601 ? fromYuv(toYuv(coded, weightsOf(space)), WEIGHTS.bt601) : coded;
  return `#${drawn.map((value) => Math.round(Math.min(1, Math.max(0, value)) * 255).toString(16).padStart(2, '0')).join('')}`;
}

function channel(colour: string, at: number): number {
  return parseInt(colour.slice(at, at + 2), 16) / 255;
}

function toYuv([r, g, b]: Triple, [red, blue]: readonly [number, number]): Triple {
  const y = red * r + (1 - red - blue) * g + blue * b;
  return [y, (b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red)];
}

function fromYuv([y, u, v]: Triple, [red, blue]: readonly [number, number]): Triple {
  const r = y + v * (2 - 2 * red);
  const b = y + u * (2 - 2 * blue);
  return [r, (y - red * r - blue * b) / (1 - red - blue), b];
}

/** Diffuse white of graphics on HDR pictures: 203 cd/m² (ITU-R BT.2408). */
const GRAPHICS_WHITE = 203;

/** An sRGB colour as a BT.2020 signal with graphics white where BT.2408 puts it: 58 % in PQ, 75 % in HLG. */
function hdrSignal(colour: Triple, hdr: 'pq' | 'hlg'): Triple {
  const [r, g, b] = colour.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as unknown as Triple;
  // BT.709 to BT.2020 primaries (ITU-R BT.2087).
  const wide: Triple = [0.6274 * r + 0.3293 * g + 0.0433 * b, 0.0691 * r + 0.9195 * g + 0.0114 * b, 0.0164 * r + 0.088 * g + 0.8956 * b];
  const signal = hdr === 'pq' ? pq : hlg;
  return [signal(wide[0]), signal(wide[1]), signal(wide[2])];
}

/** SMPTE ST 2084 inverse EOTF. */
function pq(light: number): number {
  const power = ((light * GRAPHICS_WHITE) / 10_000) ** 0.1593017578125;
  return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375;
}

/** ARIB STD-B67 OETF; 0.265 is the scene light of a 75 % signal. */
function hlg(light: number): number {
  const scene = light * 0.265;
  return scene <= 1 / 12 ? Math.sqrt(3 * scene) : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
}
