/** Languages as containers name them. */

/** ISO 639-1 and 639-2/T side by side, two letters and three (ISO 639-2 registration authority, Library of Congress). */
const PAIRS =
  'aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bhbih bibis bmbam bnben bobod brbre bsbos cacat ceche chcha ' +
  'cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle ' +
  'gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn ' +
  'jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav ' +
  'mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ' +
  'ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ' +
  'ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie ' +
  'vovol wawln wowol xhxho yiyid yoyor zazha zhzho zuzul';
const TERMINOLOGIC = new Map(PAIRS.split(' ').map((pair) => [pair.slice(0, 2), pair.slice(2)]));

/** ISO 639-2/B to 639-2/T where they differ. */
const BIBLIOGRAPHIC: ReadonlyMap<string, string> = new Map(
  'tibbod czeces welcym gerdeu greell baqeus perfas frefra armhye iceisl geokat macmkd maomri maymsa burmya dutnld rumron sloslk albsqi chizho'
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, 3), pair.slice(3)]),
);

/** The language without script, region and variants: "zh-Hans" is "zh". Old and three-letter forms become the usual ones. */
export function primaryLanguage(tag: string): string {
  const [first = 'und'] = tag.toLowerCase().split(/[-_]/);
  // Whisper's name of Javanese.
  if (first === 'jw') return 'jv';
  try {
    return (Intl.getCanonicalLocales(BIBLIOGRAPHIC.get(first) ?? first)[0] ?? first).split('-')[0] ?? first;
  } catch {
    return 'und';
  }
}

/** A BCP 47 tag as ISO 639-2/T: "zh-Hans" is "zho". What has no such code is "und". */
export function iso639Part2(tag: string): string {
  const primary = primaryLanguage(tag);
  return TERMINOLOGIC.get(primary) ?? (/^[a-z]{3}$/.test(primary) ? primary : 'und');
}

/** An ISO 639-2/T code as 639-2/B, which Matroska and WebM use. */
export function bibliographic(code: string): string {
  return [...BIBLIOGRAPHIC].find(([, terminologic]) => terminologic === code)?.[0] ?? code;
}

/**
 * Languages that a QuickTime file's Macintosh codes have and ffmpeg writes, some by their 639-2/B code (QuickTime File Format, "Language Code
 * Values").
 */
const QUICKTIME =
  'alb amh ara arm asm aym aze baq bel ben bul bur cat ces chi dan dut dzo eng epo est fin fra geo ger gre grn guj heb hin hun ice ind ita jav jpn kan kas ' +
  'kaz khm kin kir kor kur lao lat lav lit mac mal mar may mlg mlt mon nep nor nya ori orm per pol por pus que ron run rus san sin slk slv snd som spa swa ' +
  'tam tat tel tgk tgl tha tib tir tuk tur uig ukr urd uzb vie wel yid';
const QUICKTIME_CODES = new Set(QUICKTIME.split(' '));

/** The code of an ISO 639-2/T language in a QuickTime file; "und" when it can't be told there. */
export function quickTimeLanguage(code: string): string {
  if (QUICKTIME_CODES.has(code)) return code;
  const other = bibliographic(code);
  return QUICKTIME_CODES.has(other) ? other : 'und';
}
