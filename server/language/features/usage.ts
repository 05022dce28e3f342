/** How many demonstrations and samples of the workspace call each tool. Counted in the background, again after changes. */
import type { Session } from "../session.ts";
import { fileStamp } from "../workspace/fileStamp.ts";
import { type Mention, mentionsOf } from "./mentions.ts";
import { workspaceOf } from "./navigation.ts";
import { Pause } from "./pause.ts";
import type { WorkspaceRecords } from "./workspaceRecords.ts";

export interface UsageCounts {
  demonstrations: number;
  samples: number;
}

/** By the tool's key. */
type Usage = Map<string, UsageCounts>;

/** Between two counts while someone types, milliseconds. */
const REST = 1000;

export class ToolUsage {
  readonly #session: Session;
  readonly #folders: () => readonly string[];
  /** Called when the counts have changed. */
  readonly #changed: () => void;
  /** Of files on disk, with what they and the catalogs were like. */
  readonly #files = new Map<string, { stamp: string; usage: Usage }>();
  #usage: Usage = new Map();
  #stale = true;
  #counted = false;
  #counting: Promise<void> | undefined;

  constructor(session: Session, folders: () => readonly string[], changed: () => void) {
    this.#session = session;
    this.#folders = folders;
    this.#changed = changed;
  }

  /** Undefined before the first count. */
  of(tool: string): UsageCounts | undefined {
    if (this.#stale) void this.count();
    return this.#counted ? (this.#usage.get(tool) ?? { demonstrations: 0, samples: 0 }) : undefined;
  }

  /** Something that was counted may have changed. */
  invalidate(): void {
    this.#stale = true;
  }

  /** Counts what has changed; at once where nothing is being counted. */
  count(): Promise<void> {
    this.#counting ??= this.#count()
      .catch(() => undefined)
      .finally(() => {
        this.#counting = undefined;
      });
    return this.#counting;
  }

  async #count(): Promise<void> {
    this.#stale = false;
    const [first] = this.#session.analyses.values();
    const workspace = await workspaceOf(this.#session, this.#folders(), first?.document.file ?? "");
    const catalogs = await stamps(workspace.files.filter((file) => file.endsWith(".tools.json")));
    const total: Usage = new Map();
    for (const file of workspace.files) add(total, await this.#usageOf(workspace, file, catalogs));
    const changed = !this.#counted || !same(total, this.#usage);
    this.#usage = total;
    this.#counted = true;
    if (changed) this.#changed();
    await new Promise((rested) => setTimeout(rested, REST).unref());
  }

  async #usageOf(workspace: WorkspaceRecords, file: string, catalogs: string): Promise<Usage> {
    const onDisk = (await workspace.size(file)) > 0;
    const stamp = onDisk ? `${await stamps([file])}\n${catalogs}` : "";
    const known = this.#files.get(file);
    if (onDisk && known?.stamp === stamp) return known.usage;
    const usage: Usage = new Map();
    const pause = new Pause();
    for await (const { view } of workspace.matching(file, () => true)) {
      addMentions(usage, mentionsOf(view));
      await pause.whenDue();
    }
    if (onDisk) this.#files.set(file, { stamp, usage });
    return usage;
  }
}

function addMentions(usage: Usage, mentions: readonly Mention[]): void {
  const called = mentions.filter(({ kind, parameter }) => kind === "call" && parameter.length === 0);
  for (const demonstrated of [true, false]) {
    const tools = new Set(called.filter((one) => one.demonstrated === demonstrated).map(({ tool }) => tool));
    for (const tool of tools)
      add(usage, new Map([[tool, { demonstrations: Number(demonstrated), samples: Number(!demonstrated) }]]));
  }
}

function add(total: Usage, more: Usage): void {
  for (const [tool, { demonstrations, samples }] of more) {
    const known = total.get(tool) ?? { demonstrations: 0, samples: 0 };
    total.set(tool, { demonstrations: known.demonstrations + demonstrations, samples: known.samples + samples });
  }
}

const same = (left: Usage, right: Usage): boolean =>
  left.size === right.size &&
  [...left].every(([tool, { demonstrations, samples }]) => {
    const other = right.get(tool);
    return other?.demonstrations === demonstrations && other.samples === samples;
  });

async function stamps(files: readonly string[]): Promise<string> {
  const known = await Promise.all(files.map(async (file) => `${file} ${await fileStamp(file)}`));
  return known.join("\n");
}
