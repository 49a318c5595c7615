/** What an examination of the machine found. */
export interface Check {
  readonly name: string;
  /** "fail" keeps vkforge from working, "warn" may; "info" is about what is optional. */
  readonly status: "ok" | "info" | "warn" | "fail";
  readonly message: string;
  /** What to do; for all but "ok". */
  readonly hint?: string;
}
