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
 * @param servers the servers
 * @param processes what else runs
 * @param time how long it lasts, without the time that it takes to begin and to end
 * @param rules what must hold
 * @param disturbance disturbs until the time is over
 */
record Scenario(String name, String what, ServerPlan servers, Processes processes, Duration time, Rules rules,
		Disturbance disturbance) {

	static Scenario of(String name, String what, Disturbance disturbance) {
		return new Scenario(name, what, ServerPlan.SINGLE,
				new Processes(3, List.of(), List.of("--lab.fails=500", "--lab.hopeless=50"), false, false),
				Duration.ofSeconds(20), Rules.DEFAULTS, disturbance);
	}

	Scenario named(String otherName, String otherWhat) {
		return new Scenario(otherName, otherWhat, this.servers, this.processes, this.time, this.rules,
				this.disturbance);
	}

	Scenario inCluster() {
		return servers(ServerPlan.CLUSTER);
	}

	Scenario servers(ServerPlan plan) {
		return new Scenario(this.name, this.what, plan, this.processes, this.time, this.rules, this.disturbance);
	}

	Scenario workers(int count, String... arguments) {
		return processes(new Processes(count, List.of(arguments), this.processes.publisher, this.processes.clocks,
				this.processes.redriver));
	}

	Scenario publisher(String... arguments) {
		return processes(new Processes(this.processes.workers, this.processes.worker, List.of(arguments),
				this.processes.clocks, this.processes.redriver));
	}

	/**
	 * Gives each worker a clock of its own, which can be set.
	 */
	Scenario withClocks() {
		return processes(new Processes(this.processes.workers, this.processes.worker, this.processes.publisher, true,
				this.processes.redriver));
	}

	/**
	 * Has a process redrive dead letters all the time.
	 */
	Scenario withRedriver() {
		return processes(new Processes(this.processes.workers, this.processes.worker, this.processes.publisher,
				this.processes.clocks, true));
	}

	private Scenario processes(Processes other) {
		return new Scenario(this.name, this.what, this.servers, other, this.time, this.rules, this.disturbance);
	}

	Scenario lasts(Duration other) {
		return new Scenario(this.name, this.what, this.servers, this.processes, other, this.rules, this.disturbance);
	}

	Scenario rules(Rules other) {
		return new Scenario(this.name, this.what, this.servers, this.processes, this.time, other, this.disturbance);
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * What runs besides the servers.
	 *
	 * @param workers how many workers there are
	 * @param worker their arguments
	 * @param publisher the arguments of the publisher
	 * @param clocks whether each worker has a clock of its own
	 * @param redriver whether dead letters are redriven all the time
	 */
	record Processes(int workers, List<String> worker, List<String> publisher, boolean clocks, boolean redriver) {
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
