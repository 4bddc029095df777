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

import java.time.Duration;
import java.util.List;

/**
 * What is disturbed, how, and what must hold all the same. {@link Scenarios} has them
 * all; {@link Lab} runs one.
 *
 * @param name its name
 * @param what what happens, for the report
 * @param cluster whether there are three servers
 * @param workers how many workers there are
 * @param worker their arguments
 * @param publisher the arguments of the publisher
 * @param time how long it lasts, without the time that it takes to begin and to end
 * @param rules what must hold
 * @param disturbance disturbs until the time is over
 */
record Scenario(String name, String what, boolean cluster, int workers, List<String> worker, List<String> publisher,
		Duration time, Rules rules, Disturbance disturbance) {

	static Scenario of(String name, String what, Disturbance disturbance) {
		return new Scenario(name, what, false, 3, List.of(), List.of("--lab.fails=500", "--lab.hopeless=50"),
				Duration.ofSeconds(20), Rules.DEFAULTS, disturbance);
	}

	Scenario inCluster() {
		return new Scenario(this.name, this.what, true, this.workers, this.worker, this.publisher, this.time,
				this.rules, this.disturbance);
	}

	Scenario workers(int count, String... arguments) {
		return new Scenario(this.name, this.what, this.cluster, count, List.of(arguments), this.publisher, this.time,
				this.rules, this.disturbance);
	}

	Scenario publisher(String... arguments) {
		return new Scenario(this.name, this.what, this.cluster, this.workers, this.worker, List.of(arguments),
				this.time, this.rules, this.disturbance);
	}

	Scenario rules(Rules other) {
		return new Scenario(this.name, this.what, this.cluster, this.workers, this.worker, this.publisher, this.time,
				other, this.disturbance);
	}

	/**
	 * Disturbs.
	 */
	@FunctionalInterface
	interface Disturbance {

		/**
		 * Disturbs until the time is over, and cures all that it has disturbed.
		 * @param lab what can be disturbed
		 */
		void disturb(Lab lab) throws Exception;

	}

}
