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
 * What is published and handled.
 *
 * @param id its id, unique in a run
 * @param key those with the same key have an order
 * @param number its place in that order, from 1
 * @param kind how its handler behaves
 */
public record Job(String id, String key, int number, Kind kind) {

	/**
	 * How a handler behaves.
	 */
	public enum Kind {

		/**
		 * It does its work.
		 */
		PLAIN,

		/**
		 * It throws twice, then does its work.
		 */
		FAILS,

		/**
		 * It gives up at once.
		 */
		HOPELESS,

		/**
		 * It gives up until it is redriven, then does its work.
		 */
		RETURNS,

		/**
		 * It hangs in its first attempt.
		 */
		HANGS,

		/**
		 * It has no memory in its first attempt.
		 */
		STARVES,

		/**
		 * It kills its JVM in each attempt.
		 */
		KILLS

	}

}
