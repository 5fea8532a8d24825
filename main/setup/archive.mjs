/** Reading a zip and writing an asar, with nothing but Node. */
import fs from 'node:fs';
import zlib from 'node:zlib';

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
/** The end record is 22 bytes and may be followed by a comment of up to 65,535. */
const LONGEST_END = 22 + 65_535;

/**
 * Entries of a zip below 4 GB, from its central directory (APPNOTE 6.3, section 4.3.12).
 * @param {number} file an open file
 */
export function* zipEntries(file) {
  const { size } = fs.fstatSync(file);
  const tail = Buffer.alloc(Math.min(size, LONGEST_END));
  fs.readSync(file, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new Error('not a zip file');
  const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
  fs.readSync(file, directory, 0, directory.length, tail.readUInt32LE(end + 16));
  for (let at = 0; at < directory.length; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    yield {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      stored: directory.readUInt16LE(at + 10) === 0,
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777,
      offset: directory.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
}

/** Content of one entry. Throws when it isn't as long as the directory says. */
export function readZipEntry(file, entry) {
  const header = Buffer.alloc(30);
  fs.readSync(file, header, 0, header.length, entry.offset);
  const packed = Buffer.alloc(entry.packedSize);
  const start = entry.offset + header.length + header.readUInt16LE(26) + header.readUInt16LE(28);
  fs.readSync(file, packed, 0, packed.length, start);
  const content = entry.stored ? packed : zlib.inflateRawSync(packed, { maxOutputLength: 2 ** 31 });
  if (content.length !== entry.size) throw new Error(`${entry.name} has a wrong size in the zip`);
  return content;
}

/**
 * Writes an asar of a few small files at its top level (two pickles: the header's size, then the header itself).
 * @param {string} target
 * @param {Record<string, string>} files name -> text
 */
export function writeAsar(target, files) {
  const header = { files: {} };
  const contents = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    header.files[name] = { size: content.length, offset: String(offset) };
    contents.push(content);
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4);
  const padded = json.length + padding.length;
  const sizes = Buffer.alloc(16);
  [4, padded + 8, padded + 4, json.length].forEach((value, index) => sizes.writeUInt32LE(value, index * 4));
  fs.writeFileSync(target, Buffer.concat([sizes, json, padding, ...contents]));
}
