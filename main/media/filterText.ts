/** Text inside filter graphs. */

/**
 * A value inside a filter graph, safe whatever is in it: quoted for the filter's own option list, then for the graph (ffmpeg's
 * manual, "Notes on filtergraph escaping").
 */
export function filterValue(text: string): string {
  const inOptions = text.replace(/[\\':]/g, '\\$&');
  return inOptions.replace(/[\\'[\],;]/g, '\\$&');
}
