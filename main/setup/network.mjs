/** Whether a host that setup would download from can be reached at all. */

/** A host that can't be reached says so, or nothing at all, well within this time. */
const TIME_LIMIT_MS = 8_000;

export async function canReach(url) {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(TIME_LIMIT_MS) });
    return true;
  } catch {
    return false;
  }
}
