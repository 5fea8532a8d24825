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

/** ISO 639-2/B, which Matroska writes, to 639-2/T where they differ. */
const BIBLIOGRAPHIC = new Map(
  'tibbod czeces welcym gerdeu greell baqeus perfas frefra armhye iceisl geokat macmkd maomri maymsa burmya dutnld rumron sloslk albsqi chizho'
    .split(' ')
    .map((pair) => [pair.slice(0, 3), pair.slice(3)]),
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
