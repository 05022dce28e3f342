/** Preloaded into a process: after some readings of the clock it goes back, as a machine's does that finds out the true time late. */
const { TOOLEXPANDER_CLOCK_READINGS = "0", TOOLEXPANDER_CLOCK_BACK_MS = "0" } = process.env;
const RealDate = Date;
let readings = 0;

const now = (): number =>
  RealDate.now() - (++readings > Number(TOOLEXPANDER_CLOCK_READINGS) ? Number(TOOLEXPANDER_CLOCK_BACK_MS) : 0);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
});
