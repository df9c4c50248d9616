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

  // What arrived is remembered for a day, so that a page that was closed finds its files again.
  const remembered = () => {
    try {
      return JSON.parse(localStorage.getItem('cx-uploads') || '[]').filter((each) => Date.now() - each.at < 86400000);
    } catch { return []; }
  };
  const remember = (arrived) => {
    const all = [...remembered(), ...arrived.map((each) => ({ ...each, at: Date.now() }))].slice(-50);
    try { localStorage.setItem('cx-uploads', JSON.stringify(all)); } catch { return arrived; }
    return all;
  };

  const send = (file, before, total) => new Promise((resolve) => {
    if (file.size > data.largest) { resolve({ error: 'too large' }); return; }
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
      resolve({ ...answer, name: file.name });
    };
    request.onerror = () => resolve({ error: 'network' });
    request.send(file);
  });

  const take = async (chosen) => {
    if (!chosen.length) return;
    error.hidden = true;
    error.textContent = '';
    bar.hidden = false;
    const total = chosen.reduce((sum, file) => sum + file.size, 0);
    const arrived = [];
    let before = 0;
    for (const file of chosen) {
      const answer = await send(file, before, total);
      before += file.size;
      if (answer.id) arrived.push(answer);
      else {
        error.textContent += `${data.failed} ${file.name}: ${data.why[answer.error] || data.why.network} `;
        error.hidden = false;
      }
    }
    bar.hidden = true;
    main.textContent = data.main;
    if (arrived.length) setTriggerValue('done', { files: remember(arrived) });
  };
  const queue = (files) => {  // one after the other, whoever drops more meanwhile
    const chosen = [...files];
    input.value = '';
    zone.cxQueue = (zone.cxQueue || Promise.resolve()).then(() => take(chosen));
  };

  const left = remembered().filter((each) => !data.gone.includes(each.id));
  if (left.length < remembered().length) localStorage.setItem('cx-uploads', JSON.stringify(left));
  if (zone.cxAsked !== data.session) {  // a new visit, or a server that was started anew
    zone.cxAsked = data.session;
    if (left.length) setTriggerValue('done', { files: left });
  }
  zone.onclick = () => input.click();
  input.onchange = () => queue(input.files);
  zone.onkeydown = (event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); zone.click(); } };
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add('over'); };
  zone.ondragleave = () => zone.classList.remove('over');
  zone.ondrop = (event) => { event.preventDefault(); zone.classList.remove('over'); queue(event.dataTransfer.files); };
}
