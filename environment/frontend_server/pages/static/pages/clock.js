// Game time: the time at a step, and how times are written. Everything in UTC, so that time zones do not matter.

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

const two = (number) => String(number).padStart(2, "0");

export class Clock {
  /** `start`: ISO text of the time at step 0. */
  constructor(start, secondsPerStep) {
    this.start = Date.parse(`${start}Z`);
    this.secondsPerStep = secondsPerStep;
  }

  at(step) {
    return new Date(this.start + Math.round(step * this.secondsPerStep * 1000));
  }

  /** "Monday, March 4, 07:12:30" */
  text(step) {
    const time = this.at(step);
    return `${DAYS[time.getUTCDay()]}, ${MONTHS[time.getUTCMonth()]} ${time.getUTCDate()}, ${clockText(time)}:${two(time.getUTCSeconds())}`;
  }

  /** "Mon, Mar 4, 07:12" */
  short(step) {
    return `${this.date(step)}, ${this.time(step)}`;
  }

  /** "Mon, Mar 4" */
  date(step) {
    const time = this.at(step);
    return `${DAYS[time.getUTCDay()].slice(0, 3)}, ${MONTHS[time.getUTCMonth()].slice(0, 3)} ${time.getUTCDate()}`;
  }

  /** "07:12" */
  time(step) {
    return clockText(this.at(step));
  }

  /** The positions, from one step to another and also between steps, at multiples of so many minutes since midnight. */
  multiples(minutes, first, last) {
    const length = minutes * 60_000;
    const found = [];
    for (let time = Math.ceil(this.at(first) / length) * length; time <= this.at(last); time += length)
      found.push((time - this.start) / 1000 / this.secondsPerStep);
    return found;
  }

  minuteOfDay(step) {
    const time = this.at(step);
    return time.getUTCHours() * 60 + time.getUTCMinutes();
  }
}

/** "07:12" of a Date in UTC. */
export const clockText = (time) => `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;

/** "07:12" of minutes since midnight. */
export const minuteText = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
