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
package io.github.jetstreamspring.observation

import io.github.jetstreamspring.annotation.JetStreamListener
import java.util.concurrent.BlockingQueue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import org.slf4j.MDC

/**
 * Looks at the log context before and after it has gone on on another thread.
 */
class SuspendingLogger(private val seen: BlockingQueue<Map<String, String>>) {

	@JetStreamListener("suspending")
	suspend fun handle(payload: String) {
		seen.add(MDC.getCopyOfContextMap())
		delay(10)
		withContext(Dispatchers.Default) {
			delay(10)
			seen.add(MDC.getCopyOfContextMap())
		}
	}

}
