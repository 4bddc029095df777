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

package io.github.jetstreamspring.listener.pull;

/**
 * What is in hand and waits for other messages, and how many of these were given back and
 * are to come again, not safe for threads.
 * <p>
 * Those have to be asked for even where there is no room for them, as nothing else would
 * make room. Others may come in their places, so that is done for a few at each look.
 */
final class Waiting {

	private int parked;

	private int expected;

	private boolean looked;

	void park() {
		this.parked++;
	}

	void unpark() {
		this.parked--;
	}

	int parked() {
		return this.parked;
	}

	/**
	 * A message was given back.
	 * @return how many were given back before it, and have not come
	 */
	int expect() {
		return this.expected++;
	}

	void expectNoLonger() {
		this.expected--;
	}

	void look() {
		this.looked = true;
	}

	/**
	 * Claims what may be asked for where there is no room, once between two looks.
	 * @param most the most messages
	 * @return how many may be asked for
	 */
	int claim(long most) {
		if (!this.looked || this.expected == 0) {
			return 0;
		}
		this.looked = false;
		return (int) Math.min(most, this.expected);
	}

}
