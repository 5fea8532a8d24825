import { toWireError, type WireError } from '../../shared/errors.ts';
import { sentenceFor } from '../../shared/i18n/index.ts';

export type ToastKind = 'error' | 'warning' | 'info' | 'done';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly kind: ToastKind;
  readonly text: string;
  /** Shown on demand: what a bug report needs. */
  readonly detail: string | null;
  readonly action: ToastAction | null;
}

/** Milliseconds that a toast without need for an answer stays; errors stay until closed. */
const STAY_MS = 6000;
/** More would cover the picture: the oldest goes. */
const MOST = 5;

/** The one path of failures and finished work to the person. */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #nextId = 1;

  show(kind: ToastKind, text: string, options: { detail?: string; action?: ToastAction } = {}): number {
    const same = this.items.find((toast) => toast.text === text && toast.kind === kind);
    if (same) this.close(same.id);
    const toast: Toast = { id: this.#nextId++, kind, text, detail: options.detail ?? null, action: options.action ?? null };
    this.items = [...this.items, toast].slice(-MOST);
    if (kind === 'info' || kind === 'done') setTimeout(() => this.close(toast.id), options.action ? STAY_MS * 2 : STAY_MS);
    return toast.id;
  }

  /** Cancelled is silent; expected failures show their sentence; a bug is logged with its stack and shown once. */
  error(error: unknown): void {
    this.wire(toWireError(error));
  }

  /** As `error`, for one that came over a process boundary. */
  wire(wire: WireError): void {
    if (wire.kind === 'cancelled') return;
    if (wire.kind === 'bug') console.error(wire.detail);
    this.show('error', sentenceFor(wire), wire.kind === 'bug' ? { detail: wire.detail } : {});
  }

  close(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}
