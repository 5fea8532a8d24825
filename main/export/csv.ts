/**
 * CSV by RFC 4180: CRLF, quotes where needed. With a byte order mark, for Excel takes a file without one for the local
 * 8-bit code page and spoils every name that is not ASCII; other readers skip it.
 */
const BYTE_ORDER_MARK = '\uFEFF';

/** Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, "CSV injection"). Numbers are left alone. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export function toCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return BYTE_ORDER_MARK + [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
