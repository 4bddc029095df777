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

package io.github.jetstreamspring.annotation.handler

import io.github.jetstreamspring.annotation.JetStreamListener
import io.github.jetstreamspring.listener.BatchException
import io.github.jetstreamspring.listener.DeadLetterException
import io.github.jetstreamspring.listener.Delivery
import io.github.jetstreamspring.listener.RetryException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import org.springframework.messaging.Message
import org.springframework.messaging.handler.annotation.Header
import org.springframework.messaging.handler.annotation.SendTo
import java.util.concurrent.CopyOnWriteArrayList

data class Job(val name: String, val customer: String = "alice")

class SuspendingHandler {

	val done = CopyOnWriteArrayList<String>()

	@JetStreamListener("worker")
	suspend fun handle(job: Job, @Header(name = "trace", required = false) trace: String?, delivery: Delivery) {
		delay(10)
		when {
			job.name == "retry" && delivery.attempt() == 1L -> throw RetryException("not yet")
			job.name == "give-up" -> throw DeadLetterException("never")
			else -> done.add(job.name + " " + trace)
		}
	}

}

class SuspendingBatchHandler {

	val done = CopyOnWriteArrayList<String>()

	@JetStreamListener(value = "worker", batch = true)
	suspend fun handle(jobs: List<Job>, messages: List<Message<Job>>, deliveries: List<Delivery>) {
		delay(10)
		jobs.forEachIndexed { index, job ->
			if (job.name == "retry" && deliveries[index].attempt() == 1L) {
				throw BatchException.failedAt(index, IllegalStateException("not yet"))
			}
			done.add(messages[index].payload.name)
		}
	}

}

class SuspendingReplier {

	// tag::suspending[]
	@JetStreamListener("worker")
	@SendTo("results.done")
	suspend fun handle(job: Job): Job? {
		delay(10)
		return if (job.name == "nothing") null else job.copy(name = job.name.uppercase())
	}
	// end::suspending[]

}

class EndlessHandler {

	@Volatile
	var cancelled = false

	@JetStreamListener("worker")
	suspend fun handle(job: Job) {
		try {
			awaitCancellation()
		}
		catch (ex: CancellationException) {
			cancelled = true
			throw ex
		}
	}

}

class SeveralResults {

	@JetStreamListener("worker")
	fun handle(job: Job): Flow<Job> = flowOf(job)

	@JetStreamListener(value = "worker", id = "suspending")
	suspend fun handleSuspending(job: Job): Flow<Job> = flowOf(job)

}
