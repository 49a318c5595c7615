/**
 * Keeps secrets that stand in URLs out of events, errors and logs.
 *
 * @module
 */

/** The URL without user, password, query and fragment; `?…` stands for a query. */
export function redactUrl(url: string): string {
  const parsed = URL.parse(url);
  // What has no host, or is no URL, cannot be taken apart safely; only its scheme is told.
  if (parsed === null || (parsed.host === "" && parsed.protocol !== "file:")) {
    return url.includes("@") || url.includes("?") ? `${url.split(":")[0]}:…` : url;
  }
  parsed.username = "";
  parsed.password = "";
  const query = parsed.search === "" ? "" : "?…";
  parsed.search = "";
  parsed.hash = "";
  return parsed.href + query;
}

/** A text, such as the message of a network error, with every URL in it redacted. */
export function redactText(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>()]+/gi, (url) => redactUrl(url));
}
