export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const zone = parentElement.querySelector('.zone');
  const input = parentElement.querySelector('input');
  const main = parentElement.querySelector('.main');
  const bar = parentElement.querySelector('progress');
  const error = parentElement.querySelector('.error');
  main.textContent = data.main;
  parentElement.querySelector('.hint').textContent = data.hint;
  zone.setAttribute('aria-label', data.main);
  input.accept = data.accept;

  const send = (file, before, total) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('PUT', '/api/upload');
    request.setRequestHeader('x-upload-ticket', data.ticket);
    request.upload.onprogress = (event) => {
      bar.value = total ? (before + event.loaded) / total : 0;
      main.textContent = `${data.sending}: ${file.name} (${Math.round(100 * bar.value)} %)`;
    };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
      resolve(request.status === 201 ? { ...answer, name: file.name } : null);
    };
    request.onerror = () => resolve(null);
    request.send(file);
  });

  const take = async (files) => {
    const chosen = [...files];
    if (!chosen.length) return;
    error.hidden = true;
    bar.hidden = false;
    const total = chosen.reduce((sum, file) => sum + file.size, 0);
    const arrived = [];
    let before = 0;
    for (const file of chosen) {
      const answer = await send(file, before, total);
      before += file.size;
      if (answer) arrived.push(answer);
      else { error.textContent = `${data.failed} ${file.name}`; error.hidden = false; }
    }
    bar.hidden = true;
    main.textContent = data.main;
    input.value = '';
    if (arrived.length) setTriggerValue('done', { files: arrived });
  };

  zone.onclick = () => input.click();
  input.onchange = () => take(input.files);
  zone.onkeydown = (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); zone.click(); } };
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add('over'); };
  zone.ondragleave = () => zone.classList.remove('over');
  zone.ondrop = (event) => { event.preventDefault(); zone.classList.remove('over'); take(event.dataTransfer.files); };
}
