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
package io.github.jetstreamspring.listener;

/**
 * What became of a job that somebody has cancelled.
 *
 * @since 0.1.0
 * @see JetStreamJobs#cancel(String)
 */
public enum CancelResult {

	/**
	 * It was not running, and will not run.
	 */
	REMOVED,

	/**
	 * It was running, and its handler is interrupted. It is not tried again.
	 */
	INTERRUPTED,

	/**
	 * It was running, and what becomes of it is decided already.
	 */
	TOO_LATE,

	/**
	 * There is no such job: it is done, or it never was there.
	 */
	NOT_FOUND

}
