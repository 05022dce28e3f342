/** As much of picomatch as is used; the package brings no types. */
declare module "picomatch" {
  interface Options {
    /** Wildcards also stand for names that begin with a dot. */
    dot?: boolean;
  }
  /** @throws Error for some globs that are too long or malformed */
  const picomatch: (glob: string, options?: Options) => (path: string) => boolean;
  export default picomatch;
}
