/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.lab;

/**
 * Something that has happened, as the ledger has it.
 *
 * @param micros when, in microseconds of a clock that all processes share
 * @param actor who did it
 * @param type what it is
 * @param job the job that it happened to, or what was disturbed
 * @param attempt the attempt, 0 where there is none
 * @param detail what else there is to say, without tabs and line ends
 */
record Event(long micros, String actor, Type type, String job, long attempt, String detail) {

	private static final int FIELDS = 6;

	String line() {
		return String.join("\t", Long.toString(this.micros), this.actor, this.type.name(), this.job,
				Long.toString(this.attempt), this.detail.replaceAll("\\s+", " ")) + "\n";
	}

	/**
	 * Reads a line.
	 * @param line the line, without its end
	 * @return the event
	 * @throws IllegalArgumentException if it is none
	 */
	static Event of(String line) {
		String[] fields = line.split("\t", -1);
		if (fields.length != FIELDS) {
			throw new IllegalArgumentException("No event: " + line);
		}
		return new Event(Long.parseLong(fields[0]), fields[1], Type.valueOf(fields[2]), fields[3],
				Long.parseLong(fields[4]), fields[5]);
	}

	/**
	 * What can happen.
	 */
	enum Type {

		/**
		 * A publisher is about to publish a job.
		 */
		SENT,

		/**
		 * The server has confirmed the job.
		 */
		CONFIRMED,

		/**
		 * The job was not confirmed. It may be stored nevertheless.
		 */
		UNCONFIRMED,

		/**
		 * A worker is ready.
		 */
		STARTED,

		/**
		 * A handler has begun.
		 */
		BEGUN,

		/**
		 * A handler has done its work.
		 */
		DONE,

		/**
		 * A handler has thrown.
		 */
		THREW,

		/**
		 * A listener has settled the delivery.
		 */
		SETTLED,

		/**
		 * A fault begins.
		 */
		FAULT,

		/**
		 * The fault with the same name has ended.
		 */
		CURED

	}

}
