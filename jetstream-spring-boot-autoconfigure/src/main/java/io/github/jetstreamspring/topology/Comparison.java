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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What shall be on the server, beside what is there.
 *
 * @param <C> the jnats configuration
 */
final class Comparison<C> {

	private final Declared<C, ?> declared;

	private final @Nullable C current;

	private final List<Difference> differences;

	// Each rule asks for it, and with many streams that takes long
	private @Nullable C target;

	private Comparison(Declared<C, ?> declared, @Nullable C current, List<Difference> differences) {
		this.declared = declared;
		this.current = current;
		this.differences = differences;
	}

	static <C> Comparison<C> of(Declared<C, ?> declared, @Nullable C current) {
		return new Comparison<>(declared, current,
				(current != null) ? declared.settings().differences(current) : List.of());
	}

	/**
	 * Returns what shall be there.
	 */
	Declared<C, ?> declared() {
		return this.declared;
	}

	/**
	 * Returns what is there, or {@code null} if there is nothing of that name.
	 */
	@Nullable C current() {
		return this.current;
	}

	/**
	 * Returns the settings that differ; none if there is nothing yet.
	 */
	List<Difference> differences() {
		return this.differences;
	}

	/**
	 * Returns whether the server has to be made to have something else.
	 */
	boolean isToBeWritten(TopologyMode mode) {
		return this.current == null || (!this.differences.isEmpty() && mode != TopologyMode.CREATE);
	}

	/**
	 * Returns what the server will have in the end.
	 */
	C outcome(TopologyMode mode) {
		if (this.current != null && mode == TopologyMode.CREATE) {
			return this.current;
		}
		C outcome = this.target;
		if (outcome == null) {
			outcome = this.declared.target(this.current);
			this.target = outcome;
		}
		return outcome;
	}

}
