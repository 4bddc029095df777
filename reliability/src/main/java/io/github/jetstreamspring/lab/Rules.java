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

/**
 * What must hold in a scenario, besides that nothing is lost.
 *
 * @param order which jobs with one key are handled one after the other
 * @param onlyOnce whether no job may be handled twice, whatever happens
 * @param back how long it may take after a fault until a job is handled again
 */
record Rules(Order order, boolean onlyOnce, Duration back) {

	static final Rules DEFAULTS = new Rules(Order.NONE, false, Duration.ofSeconds(5));

	Rules ordered(Order other) {
		return new Rules(other, this.onlyOnce, this.back);
	}

	Rules once() {
		return new Rules(this.order, true, this.back);
	}

	Rules backWithin(Duration time) {
		return new Rules(this.order, this.onlyOnce, time);
	}

	/**
	 * Which jobs with one key are handled one after the other.
	 */
	enum Order {

		/**
		 * None.
		 */
		NONE,

		/**
		 * Those that an instance gets with their first delivery. What was sent to another
		 * instance before, or to nobody, comes to it when the server takes it for late.
		 */
		IN_EACH,

		/**
		 * Those of all instances.
		 */
		IN_ALL

	}

}
