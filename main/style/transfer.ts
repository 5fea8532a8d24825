/** What of a message can be handed over between threads rather than copied. */

/** The buffers of all typed arrays in a plain object, each once, that own theirs whole. Throws for one that was handed over before: such a message would never arrive. */
export function buffersIn(message: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(message, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer.byteLength === 0) throw new Error('an array was handed over already');
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) collect(part, found);
  }
}
