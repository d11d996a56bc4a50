export { joinAnnexB, splitAnnexB } from "./annex-b.js";
export { h264Depacketizer } from "./depacketizer.js";
export { h264Packetizer } from "./packetizer.js";
export {
  findParameterSets,
  type ParameterSets,
  profileLevelId,
  readSpropParameterSets,
  writeSpropParameterSets,
} from "./parameter-sets.js";
export { parseSequenceParameterSet, type SequenceParameterSet } from "./sequence-parameter-set.js";
