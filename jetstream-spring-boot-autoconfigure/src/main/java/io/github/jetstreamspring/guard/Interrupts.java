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

package io.github.jetstreamspring.guard;

/**
 * Keeps an interrupt from what has to be done nevertheless. The client sends nothing for
 * an interrupted thread, and says so to nobody who calls it; but foreign code may
 * complete what we wait for, or call us, on a thread that somebody has told to end.
 *
 * @since 0.1.0
 */
public final class Interrupts {

	private Interrupts() {
	}

	/**
	 * Runs something as if the calling thread was not interrupted. If it was, it is again
	 * afterwards.
	 * @param action what to run
	 */
	public static void hold(Runnable action) {
		if (!Thread.currentThread().isInterrupted()) {
			action.run();
			return;
		}
		Thread.interrupted();
		try {
			action.run();
		}
		finally {
			Thread.currentThread().interrupt();
		}
	}

}
