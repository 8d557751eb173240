/** What belongs to one request. */
export interface RequestContext {
  readonly request: Request;
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** Keeps the sandbox alive until `work` has settled. */
  waitUntil(work: Promise<unknown>): void;
  /** vCPU milliseconds used so far, or null where the platform does not tell. */
  vcpuMs(): number | null;
}
