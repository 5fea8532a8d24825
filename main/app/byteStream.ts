/** A part of a file as a web stream, read only as fast as it is taken: memory stays at one piece. */
import type { FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 256 * 1024;

/**
 * Bytes `start` to `end` (both included) of an open file; closes it at the end, on an error and when the reader goes
 * away. Ends early when the file became shorter.
 */
export function streamOf(file: FileHandle, start: number, end: number): ReadableStream<Uint8Array> {
  let position = start;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(PIECE_BYTES, end + 1 - position));
          const { bytesRead } = piece.length === 0 ? { bytesRead: 0 } : await file.read(piece, 0, piece.length, position);
          position += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (bytesRead > 0 && position <= end) return;
          await file.close();
          controller.close();
        } catch (error) {
          await file.close().catch(() => undefined);
          controller.error(error);
        }
      },
      async cancel() {
        await file.close();
      },
    },
    { highWaterMark: 1 },
  );
}


