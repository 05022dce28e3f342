/** Answers to what a view asks about one group or one sample, of its own run or of one beside it. */
import { InputError } from "../../../schemas/problem.ts";
import type {
  GroupDetail,
  GroupKey,
  Reply,
  ViewParams,
  ViewRequest,
  ViewResult,
} from "../../../schemas/rolloutView.ts";
import { sentenceOf } from "../../stores/storeReaders.ts";
import { Refused } from "../../views/refused.ts";
import { groupDetail, moreText } from "./detail.ts";
import { toRow } from "./groupRow.ts";
import { Neighbours } from "./neighbours.ts";
import type { RunFacts } from "./runFacts.ts";
import type { RunOnDisk } from "./runOnDisk.ts";
import { sampleDetail } from "./sampleDetail.ts";
import { tokenDetail } from "./tokenDetail.ts";

export type DetailRequest = Exclude<ViewRequest, { method: "open" | "page" }>;

const gone = (what: string): Refused =>
  new Refused("gone", `This ${what} is no longer in the store: the run was replayed without it.`);

export class DetailAnswers implements Disposable {
  readonly #run: RunOnDisk;
  readonly #neighbours: Neighbours;

  constructor(run: RunOnDisk) {
    this.#run = run;
    this.#neighbours = new Neighbours(run.dir);
  }

  /** @throws Refused, InputError or an error of SQLite */
  answer(request: DetailRequest): Reply {
    const { id, method } = request;
    switch (method) {
      case "group":
        return { kind: "reply", id, method, result: this.#group(request.params) };
      case "groupOf":
        return { kind: "reply", id, method, result: this.#groupOf(request.params) };
      case "text":
        return { kind: "reply", id, method, result: this.#text(request.params) };
      case "tokens":
        return { kind: "reply", id, method, result: this.#tokens(request.params) };
      case "sample":
        return { kind: "reply", id, method, result: this.#sample(request.params) };
      case "neighbours":
        return { kind: "reply", id, method, result: { runs: this.#neighbours.list() } };
    }
  }

  [Symbol.dispose](): void {
    this.#neighbours[Symbol.dispose]();
  }

  #group(key: GroupKey): GroupDetail {
    const { facts, index } = this.#run;
    const group = index.get({ step: key.step, phase: key.phase, group: key.group });
    const detail = facts && group && groupDetail(facts, group, this.#run.row(group));
    if (!detail) throw gone("group");
    return detail;
  }

  #groupOf({ run, key }: ViewParams<"groupOf">): GroupDetail {
    const facts = this.#factsOf(run);
    const group = facts.store.samples.group(key);
    const { dataset, store } = facts;
    const detail = group && groupDetail(facts, group, toRow({ group, dataset, store }));
    if (!detail) throw gone("group");
    return detail;
  }

  #text(params: ViewParams<"text">): ViewResult<"text"> {
    const part = moreText(this.#factsOf(params.run).store.rollouts, params);
    if (!part) throw gone("text");
    return part;
  }

  #tokens({ key, rollout, run }: ViewParams<"tokens">): ViewResult<"tokens"> {
    return tokenDetail(this.#factsOf(run), { ...key, rollout });
  }

  #sample({ sample, run }: ViewParams<"sample">): ViewResult<"sample"> {
    return sampleDetail(this.#factsOf(run ?? undefined), sample);
  }

  /** @param run name of a folder beside this run's; undefined for this run itself */
  #factsOf(run: string | undefined): RunFacts {
    if (run === undefined) {
      if (this.#run.facts) return this.#run.facts;
      throw gone("group");
    }
    try {
      return this.#neighbours.facts(run);
    } catch (error) {
      if (error instanceof InputError) throw new Refused("gone", sentenceOf(error, run));
      throw error;
    }
  }
}
