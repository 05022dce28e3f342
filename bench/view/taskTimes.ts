/**
 * Processor time of a page's long tasks. A page draws on the processor where there is no graphics card, in threads beside its own:
 * on few cores they take turns, and a task lasts longer than it works.
 */
import type { Browser } from "playwright-core";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds: by the clock, and of the processor. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

const LONG_MS = 50;

/** Runs the body, and gives the processor time of every task of more than 50 ms in the main threads of the browser's pages, milliseconds. */
export async function workOfLongTasks<Result>(
  browser: Browser,
  body: () => Promise<Result>,
): Promise<{ result: Result; milliseconds: number[] }> {
  const session = await browser.newBrowserCDPSession();
  const mains = new Set<string>();
  const tasks: { thread: string; milliseconds: number }[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const { name, ph, pid, tid, dur = 0, tdur = 0, args } of value as unknown as TraceEvent[]) {
      const thread = `${pid} ${tid}`;
      if (name === "thread_name" && args.name === "CrRendererMain") mains.add(thread);
      if (ph === "X" && name === "ThreadControllerImpl::RunTask" && dur > LONG_MS * 1000)
        tasks.push({ thread, milliseconds: tdur / 1000 });
    }
  });
  const traceConfig = { includedCategories: ["toplevel"] };
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig });
  const result = await body();
  const ended = new Promise<void>((resolve) => session.on("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await ended;
  await session.detach();
  const milliseconds = tasks.filter(({ thread }) => mains.has(thread)).map((task) => task.milliseconds);
  return { result, milliseconds };
}
