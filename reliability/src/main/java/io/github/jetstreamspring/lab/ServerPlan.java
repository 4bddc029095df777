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

import java.util.List;

/**
 * What servers a scenario runs on.
 *
 * @param count how many there are
 * @param old whether they begin as nats-server 2.10
 * @param smallDisk whether each has a small disk of its own
 * @param users whether clients are users, whose permissions can be changed
 * @param lines further lines of their configuration
 */
record ServerPlan(int count, boolean old, boolean smallDisk, boolean users, List<String> lines) {

	static final ServerPlan SINGLE = new ServerPlan(1, false, false, false, List.of());

	static final ServerPlan CLUSTER = new ServerPlan(3, false, false, false, List.of());

	ServerPlan fromOld() {
		return new ServerPlan(this.count, true, this.smallDisk, this.users, this.lines);
	}

	ServerPlan onSmallDisks() {
		return new ServerPlan(this.count, this.old, true, this.users, this.lines);
	}

	ServerPlan withUsers() {
		return new ServerPlan(this.count, this.old, this.smallDisk, true, this.lines);
	}

	ServerPlan config(String... other) {
		return new ServerPlan(this.count, this.old, this.smallDisk, this.users, List.of(other));
	}

}
