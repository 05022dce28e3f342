/** The bundle of the panels, loaded when the first of them is shown (viewSupport.ts). */
export { ComparisonViews } from "../compare/comparisonViews.ts";
export { CurveViews } from "../curves/curveViews.ts";
export { EpisodeViews } from "../episodes/episodeViews.ts";
export { RolloutViews } from "../rollouts/rolloutViews.ts";
