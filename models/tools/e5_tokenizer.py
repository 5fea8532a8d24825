"""The SentencePiece unigram tokenizer of `e5.py` as a tokenizer.json."""
import json
import unicodedata

MARK = "\u2581"
METASPACE = {"type": "Metaspace", "replacement": MARK, "prepend_scheme": "always", "split": False}
# More entries of the model's own normaliser than these that differ from NFKC would mean another table.
MOST_REPLACED = 400


def write_tokenizer(pack, kept, is_kept, path):
    place = {old: new for new, old in enumerate(kept)}
    first, last = place[pack.first], place[pack.last]
    names = [(first, "<s>"), (place[pack.padding], "<pad>"), (last, "</s>"), (place[pack.unknown], "<unk>")]
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special(index, name) for index, name in names],
        "normalizer": {"type": "Sequence", "normalizers": normalisers(pack, is_kept)},
        "pre_tokenizer": METASPACE,
        "post_processor": template(first, last),
        "decoder": METASPACE,
        "model": {"type": "Unigram", "unk_id": place[pack.unknown], "vocab": [[pack.pieces[i], round(float(pack.scores[i]), 4)] for i in kept], "byte_fallback": False},
    }
    with open(path, "w", encoding="utf8") as file:
        json.dump(tokenizer, file, ensure_ascii=False, separators=(",", ":"))


def special(index, name):
    return {"id": index, "content": name, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}


def normalisers(pack, is_kept):
    """NFKC, and what the model's own table does otherwise."""
    other = {code: text for code, text in pack.normaliser.items() if unicodedata.normalize("NFKC", chr(code)) != text and is_kept(chr(code))}
    if len(other) >= MOST_REPLACED:
        raise SystemExit(f"{len(other)} entries of the normaliser differ from NFKC")
    replaced = [{"type": "Replace", "pattern": {"String": chr(code)}, "content": text} for code, text in other.items()]
    return [*replaced, {"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]


def template(first, last):
    def token(name):
        return {"SpecialToken": {"id": name, "type_id": 0}}

    def text(name):
        return {"Sequence": {"id": name, "type_id": 0}}

    single = [token("<s>"), text("A"), token("</s>")]
    ends = {name: {"id": name, "ids": [index], "tokens": [name]} for name, index in (("<s>", first), ("</s>", last))}
    return {"type": "TemplateProcessing", "single": single, "pair": [*single, text("B"), token("</s>")], "special_tokens": ends}
