/** Figures beside their targets. */
import { availableParallelism, cpus, loadavg } from 'node:os';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What it is compared with, in the same unit and run; null where there is nothing. */
  reference?: { name: string; value: number } | null;
  /** Null: told for information only. */
  target: { kind: 'at_most' | 'at_least'; value: number } | null;
}

/** Shortest form that tells small figures apart: 0.83, 12.4, 1034. */
function short(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export function isMet({ value, target }: Figure): boolean {
  if (!target) return true;
  return target.kind === 'at_most' ? value <= target.value : value >= target.value;
}

/** The lines of a table: name, figure, reference, target, and whether it is met. */
export function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => [
    figure.name,
    `${short(figure.value)} ${figure.unit}`,
    figure.reference ? `${figure.reference.name} ${short(figure.reference.value)} ${figure.unit}` : '',
    figure.target ? `${figure.target.kind === 'at_most' ? '<=' : '>='} ${short(figure.target.value)} ${figure.unit}` : '',
    figure.target ? (isMet(figure) ? 'met' : 'MISSED') : '',
  ]);
  const heads = ['', 'measured', 'beside', 'target', ''];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: string[]): string => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ').trimEnd();
  return [line(heads), ...rows.map(line)];
}

/** Prints the table; true when every target is met. */
export function report(figures: readonly Figure[], print: (line: string) => void): boolean {
  for (const line of tableOf(figures)) print(line);
  return figures.every(isMet);
}

/** The machine that the figures are of, and how busy it was with other things. */
export function machineLine(): string {
  const busy = loadavg()[0] ?? 0;
  return `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, load ${busy.toFixed(1)}, Node ${process.versions.node}`;
}
