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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.jetstreamspring.topology.TopologyException;
import io.github.jetstreamspring.topology.TopologyInitializer;

import org.springframework.context.SmartLifecycle;

/**
 * Looks at the topologies of several connections before the first of them is declared, so
 * that a start which fails for one leaves the others as they are. A single one does that
 * itself.
 */
final class TopologyCheck implements SmartLifecycle {

	static final int PHASE = TopologyInitializer.PHASE - 1;

	private final List<Runnable> checks;

	/**
	 * Creates a check.
	 * @param checks one for each connection
	 */
	TopologyCheck(List<Runnable> checks) {
		this.checks = checks;
	}

	@Override
	public boolean isAutoStartup() {
		return this.checks.size() > 1;
	}

	@Override
	public void start() {
		List<TopologyException> failures = new ArrayList<>();
		for (Runnable check : this.checks) {
			try {
				check.run();
			}
			catch (TopologyException ex) {
				failures.add(ex);
			}
		}
		if (!failures.isEmpty()) {
			TopologyException first = failures.get(0);
			failures.subList(1, failures.size()).forEach(first::addSuppressed);
			throw first;
		}
	}

	@Override
	public void stop() {
		// Is never running: who starts again looks again
	}

	@Override
	public boolean isRunning() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
