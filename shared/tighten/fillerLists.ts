/** Fillers that come with the app. A person may change the lists: they are plain phrases. */
export interface FillerPhrase {
  readonly text: string;
  /** It is a filler only where pauses or commas set it off on both sides; elsewhere it means something. */
  readonly setOff: boolean;
}
/** A list for each language (ISO 639). All are looked for: people mix languages. */
export type FillerLists = Readonly<Record<string, readonly FillerPhrase[]>>;

const anywhere = (...texts: string[]): FillerPhrase[] => texts.map((text) => ({ text, setOff: false }));
const setOff = (...texts: string[]): FillerPhrase[] => texts.map((text) => ({ text, setOff: true }));

export const DEFAULT_FILLERS: FillerLists = {
  en: [...anywhere('um', 'umm', 'uh', 'uhh', 'uhm', 'er', 'erm', 'hm', 'hmm', 'mm'), ...setOff('ah', 'you know', 'I mean', 'like', 'sort of', 'kind of', 'basically', 'you know what I mean')],
  zh: [...anywhere('嗯', '呃'), ...setOff('啊', '额', '哦', '唉', '那个', '这个', '就是', '就是说', '然后', '然后呢', '对吧', '怎么说呢')],
};
