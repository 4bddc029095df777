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

import io.github.jetstreamspring.topology.TopologyInitializer;

import org.springframework.context.SmartLifecycle;

/**
 * Knows whether the streams of all connections are declared. Depends on nothing, so that
 * beans that define streams can use the template.
 */
final class DeclaredStreams implements SmartLifecycle {

	static final int PHASE = TopologyInitializer.PHASE + 1;

	private volatile boolean declared;

	@Override
	public void start() {
		this.declared = true;
	}

	// Streams stay when the application stops or pauses
	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return this.declared;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
