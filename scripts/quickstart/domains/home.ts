import { type DomainSpec, list, maybe, value } from "../toolSpec.ts";
import { durationNumber, flag, onOff, room, weekday } from "../values/closed.ts";
import { fullName } from "../values/names.ts";
import { count, percent, socketNumber, time } from "../values/quantities.ts";

export const home: DomainSpec = {
  name: "home",
  tools: [
    {
      name: "set_heating",
      description: "Heat a room for a while",
      parameters: [value("room", room), value("degrees", count(15, 28)), value("duration", durationNumber)],
      phrasings: [
        "Heat the {room} to {degrees} degrees for {duration}.",
        "Set the {room} to {degrees} degrees for {duration}.",
        "I want {degrees} degrees in the {room} for {duration}.",
        "Make the {room} {degrees} degrees warm for {duration}.",
        "For {duration}, keep the {room} at {degrees} degrees.",
        "Turn the heating in the {room} to {degrees} for {duration}.",
        "Keep the {room} at {degrees} degrees for {duration}, please.",
        "The {room} is cold. Heat it to {degrees} degrees for {duration}.",
      ],
      heldOut: [
        "For {duration} I want the {room} at {degrees} degrees.",
        "Please heat the {room} for {duration}, {degrees} degrees.",
        "Set the heating in the {room} to {degrees} degrees and keep it for {duration}.",
      ],
      again: [
        "And the {room} to {degrees} for {duration}.",
        "Also heat the {room} to {degrees} degrees for {duration}.",
      ],
      heldOutAgain: ["Then the {room}, {degrees} degrees for {duration}."],
    },
    {
      name: "switch_socket",
      description: "Switch a power socket",
      parameters: [value("socket", socketNumber), value("state", onOff)],
      phrasings: [
        "Turn {state} socket {socket}.",
        "Switch socket {socket} {state}.",
        "Please turn socket {socket} {state}.",
        "I want socket {socket} to be {state}.",
        "Can you switch {state} socket {socket}?",
        "Set socket number {socket} to {state}.",
        "Socket {socket} should be {state}.",
        "Make sure that socket {socket} is {state}.",
      ],
      heldOut: [
        "Please switch socket number {socket} {state}.",
        "Can you make socket {socket} go {state}?",
        "Turn socket {socket} {state}, please.",
      ],
      again: ["And socket {socket} {state}.", "Then turn {state} socket {socket}."],
      heldOutAgain: ["Also switch socket {socket} {state}."],
    },
    {
      name: "dim_light",
      description: "Dim the light of a room",
      parameters: [value("room", room), value("level", percent)],
      phrasings: [
        "Dim the {room} light to {level}.",
        "Set the light in the {room} to {level}.",
        "I want the {room} light at {level}.",
        "Turn the light in the {room} down to {level}.",
        "Make the {room} light {level} bright.",
        "Please dim the light in the {room} to {level}.",
        "Put the {room} light at {level}.",
        "The light in the {room} should be at {level}.",
      ],
      heldOut: [
        "Please put the light in the {room} at {level}.",
        "Can you dim the {room} to {level}?",
        "The {room} light should go down to {level}.",
      ],
      again: ["And the {room} to {level}.", "Also the light in the {room} to {level}."],
      heldOutAgain: ["Then dim the {room} light to {level}."],
    },
    {
      name: "set_alarm",
      description: "Set an alarm clock",
      parameters: [value("time", time), list("days", weekday, 1, 2)],
      phrasings: [
        "Set an alarm for {time} on {days}.",
        "Wake me at {time} on {days}.",
        "I need an alarm at {time} on {days}.",
        "On {days} wake me up at {time}.",
        "Please set my alarm clock to {time} for {days}.",
        "I get up at {time} on {days}. Set the alarm.",
        "Make an alarm for {days} at {time}.",
        "The alarm should ring at {time} on {days}.",
      ],
      heldOut: [
        "Please wake me up on {days} at {time}.",
        "I want an alarm on {days} at {time}.",
        "On {days} my alarm should ring at {time}.",
      ],
      again: ["And one for {time} on {days}.", "Also wake me at {time} on {days}."],
      heldOutAgain: ["Then one on {days} at {time}."],
    },
    {
      name: "play_music",
      description: "Play music of an artist",
      parameters: [value("artist", fullName), maybe("volume", count(1, 30)), maybe("shuffle", flag)],
      phrasings: [
        "Play music by {artist}[volume: at volume {volume}][shuffle:, shuffled].",
        "I want to hear {artist}[volume: at volume {volume}][shuffle:, shuffled].",
        "Put on songs by {artist}[shuffle:, shuffled][volume:, volume {volume}].",
        "Start the music of {artist}[volume: with volume {volume}][shuffle: and shuffle it].",
        "Let me hear something by {artist}[volume: at volume {volume}][shuffle: and shuffle it].",
        "Please play {artist}[volume:, volume {volume}][shuffle:, shuffled].",
        "Play me some songs of {artist}[volume: at volume {volume}][shuffle:, shuffled].",
        "Can you play {artist}[volume: at volume {volume}][shuffle: and shuffle it]?",
      ],
      heldOut: [
        "Let me hear the songs of {artist}[volume:, volume {volume}][shuffle:, shuffled].",
        "Can you put on music by {artist}[volume: at volume {volume}][shuffle: and shuffle it]?",
        "Start some songs by {artist}[volume: with volume {volume}][shuffle:, shuffled].",
      ],
      again: [
        "Then play {artist}[volume: at volume {volume}][shuffle:, shuffled].",
        "And something by {artist}[volume:, volume {volume}][shuffle:, shuffled].",
      ],
      heldOutAgain: ["Also some songs by {artist}[volume: at volume {volume}][shuffle: and shuffle it]."],
    },
  ],
};
