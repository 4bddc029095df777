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

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.lab.Event.Type;
import io.github.jetstreamspring.listener.BatchException;
import io.github.jetstreamspring.listener.DeadLetterException;
import io.github.jetstreamspring.listener.Delivery;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.Settlement;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * A worker: an application as users write it, which notes all that it does.
 */
@SpringBootApplication(proxyBeanMethods = false)
@Import({ LabWorker.Single.class, LabWorker.Batches.class })
public class LabWorker {

	public static void main(String[] args) {
		ParentWatch.start(() -> Runtime.getRuntime().halt(1));
		SpringApplication.run(LabWorker.class, args);
	}

	@Bean(destroyMethod = "close")
	Ledger ledger(@Value("${lab.folder}") Path folder, @Value("${lab.actor}") String actor) {
		return Ledger.open(folder, actor);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> startNote(Ledger ledger) {
		return (ready) -> ledger.write(Type.STARTED, "");
	}

	@Bean
	Handler handler(Ledger ledger, @Value("${lab.work-millis:2}") long workMillis) {
		return new Handler(ledger, workMillis);
	}

	@Bean
	DeliveryInterceptor settlements(Ledger ledger) {
		return new DeliveryInterceptor() {

			@Override
			public void settled(Delivery delivery, Settlement settlement, @Nullable Throwable failure) {
				ledger.write(Type.SETTLED, delivery.stream() + "#" + delivery.streamSequence(), delivery.attempt(),
						settlement.name());
			}

		};
	}

	/**
	 * Does what a job wants.
	 */
	static final class Handler {

		private static final int EXIT_CODE = 3;

		private final Ledger ledger;

		private final long workMillis;

		Handler(Ledger ledger, long workMillis) {
			this.ledger = ledger;
			this.workMillis = workMillis;
		}

		void handle(Job job, Delivery delivery) throws Exception {
			long attempt = delivery.attempt();
			String place = job.key() + " " + job.number();
			this.ledger.write(Type.BEGUN, job.id(), attempt, place);
			try {
				work(job, delivery);
			}
			catch (Throwable ex) {
				this.ledger.write(Type.THREW, job.id(), attempt, ex.getClass().getSimpleName());
				throw ex;
			}
			this.ledger.write(Type.DONE, job.id(), attempt, place);
		}

		private void work(Job job, Delivery delivery) throws InterruptedException {
			long attempt = delivery.attempt();
			switch (job.kind()) {
				case FAILS -> {
					if (attempt <= 2) {
						throw new IllegalStateException("fails twice");
					}
				}
				case HOPELESS -> throw new DeadLetterException("hopeless");
				case RETURNS -> {
					if (delivery.redrives() == 0) {
						throw new DeadLetterException("to be redriven");
					}
				}
				case HANGS -> {
					if (attempt == 1) {
						new CountDownLatch(1).await();
					}
				}
				case STARVES -> {
					if (attempt == 1) {
						throw new OutOfMemoryError("no memory, as the job wants it");
					}
				}
				case KILLS -> Runtime.getRuntime().halt(EXIT_CODE);
				default -> {
				}
			}
			new CountDownLatch(1).await(this.workMillis, TimeUnit.MILLISECONDS);
		}

	}

	/**
	 * Handles one job at a time.
	 */
	@ConditionalOnProperty(name = "lab.batch", havingValue = "false", matchIfMissing = true)
	static class Single {

		private final Handler handler;

		Single(Handler handler) {
			this.handler = handler;
		}

		@JetStreamListener(value = "worker", orderedBy = "${lab.ordered-by:}", exclusive = "${lab.exclusive:false}")
		void work(Job job, Delivery delivery) throws Exception {
			this.handler.handle(job, delivery);
		}

	}

	/**
	 * Handles batches.
	 */
	@ConditionalOnProperty(name = "lab.batch")
	static class Batches {

		private final Handler handler;

		Batches(Handler handler) {
			this.handler = handler;
		}

		@JetStreamListener(value = "worker", batch = true)
		void work(List<Job> jobs, List<Delivery> deliveries) {
			for (int i = 0; i < jobs.size(); i++) {
				try {
					this.handler.handle(jobs.get(i), deliveries.get(i));
				}
				catch (Exception ex) {
					throw BatchException.failedAt(i, ex);
				}
			}
		}

	}

}
