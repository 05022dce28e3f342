/** The store of a run as the workers of its views hold it. */
import { GroupReader } from "../../server/store/groupReader.ts";
import { ListReader } from "../../server/store/listReader.ts";
import { RunReader } from "../../server/store/reader.ts";
import { SampleReader } from "../../server/store/sampleReader.ts";
import { TextReader } from "../../server/store/textReader.ts";
import { StoreReaders } from "./storeReaders.ts";

export class OpenStore extends StoreReaders {
  readonly groups = this.open(GroupReader);
  readonly rollouts = this.open(RunReader);
  readonly samples = this.open(SampleReader);
  readonly lists = this.open(ListReader);
  readonly texts = this.open(TextReader);
}
