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

package io.github.jetstreamspring.topology;

import org.springframework.context.SmartLifecycle;

/**
 * Declares the topology when the application starts: after all listeners have added their
 * consumers, and before anything publishes or consumes. A {@link TopologyException} ends
 * start-up.
 *
 * @since 0.1.0
 */
public final class TopologyInitializer implements SmartLifecycle {

	/**
	 * The phase, which comes before that of every ordinary bean.
	 */
	public static final int PHASE = Integer.MIN_VALUE + 1000;

	private final TopologyDeclarer declarer;

	private final Topology topology;

	private volatile boolean running;

	/**
	 * Creates an initializer.
	 * @param declarer declares the topology
	 * @param topology what to declare
	 */
	public TopologyInitializer(TopologyDeclarer declarer, Topology topology) {
		this.declarer = declarer;
		this.topology = topology;
	}

	@Override
	public void start() {
		this.declarer.declare(this.topology);
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
