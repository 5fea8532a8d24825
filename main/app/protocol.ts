/**
 * The only two addresses the window can reach: app://rushes/… is the built page, media://file/<id> and
 * media://proxy/<id> the bytes of media that the person opened. Everything else is refused.
 */
import { open, readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { MEDIA_SCHEME } from '../../shared/ipc/app.ts';
import { streamOf } from './byteStream.ts';
import type { MediaFiles } from './mediaFiles.ts';
import { parseRange } from './ranges.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://rushes`;

/** No script but the page's own files, no eval, no connection. Styles inline: Svelte sets style attributes. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  `media-src ${MEDIA_SCHEME}:`,
  "font-src 'self'",
  "connect-src 'none'",
  "worker-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must run before the app is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
    { scheme: MEDIA_SCHEME, privileges: { standard: true, secure: true, stream: true } },
  ]);
}

export function handleSchemes(session: Session, pageFolder: string, files: MediaFiles): void {
  session.protocol.handle(APP_SCHEME, (request) => servePage(request, pageFolder));
  session.protocol.handle(MEDIA_SCHEME, (request) => serveMedia(request, files));
}

const PAGE_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

const refuse = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { 'X-Content-Type-Options': 'nosniff', ...headers } });

async function servePage(request: Request, folder: string): Promise<Response> {
  const url = new URL(request.url);
  if (request.method !== 'GET') return refuse(405);
  if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return refuse(404);
  const path = normalize(join(folder, decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname)));
  const type = PAGE_TYPES[extname(path)];
  if (!path.startsWith(folder + sep) || !type) return refuse(404);
  const content = await readFile(path).catch(() => null);
  if (!content) return refuse(404);
  return new Response(new Uint8Array(content), {
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  });
}

const MEDIA_TYPES: Record<string, string> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.ogv': 'video/ogg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
  '.wav': 'audio/wav',
};

/** Answers with the file's bytes, or the part that Range asks for, straight from the disk. */
export async function serveMedia(request: Request, files: MediaFiles): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
  const url = new URL(request.url);
  const path = files.path(url.host, url.pathname.slice(1));
  if (path === undefined || url.search !== '') return refuse(404);
  const file = await open(path, 'r').catch(() => null);
  if (!file) return refuse(404);
  const { size } = await file.stat();
  const range = parseRange(request.headers.get('range'), size);
  const headers: Record<string, string> = {
    'Content-Type': MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-store',
  };
  if (range.kind === 'unsatisfiable') {
    await file.close();
    return refuse(416, { ...headers, 'Content-Range': `bytes */${size}` });
  }
  const { start, end } = range.kind === 'part' ? range : { start: 0, end: size - 1 };
  headers['Content-Length'] = String(end + 1 - start);
  if (range.kind === 'part') headers['Content-Range'] = `bytes ${start}-${end}/${size}`;
  const status = range.kind === 'part' ? 206 : 200;
  if (request.method === 'HEAD') {
    await file.close();
    return new Response(null, { status, headers });
  }
  return new Response(streamOf(file, start, end), { status, headers });
}
