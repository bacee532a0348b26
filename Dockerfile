# One image for web, worker and beat; docker-compose.yml says which command each runs.
FROM python:3.11-slim-trixie

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    JIANNUO_VAR=/data STATIC_ROOT=/app/static

# The nightly backup runs pg_dump, which refuses a server newer than itself: one major with the postgres image of
# docker-compose.yml (tests/house/test_image.py).
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --create-home jiannuo && mkdir /data && chown jiannuo /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --requirement requirements.txt
COPY . .
# Static files are hashed and compressed once, here. The values below are only read, never kept.
RUN SECRET_KEY=build PERSONAL_DATA_KEY=build BLIND_INDEX_KEY=build \
    DATABASE_URL=postgresql://build@localhost/build BROKER_URL=redis://localhost \
    python manage.py collectstatic --noinput --verbosity 0

USER jiannuo
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "crm.wsgi:application"]
